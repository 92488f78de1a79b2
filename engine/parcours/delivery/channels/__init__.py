"""What hands sends over, one small file each; all of them are `delivery.send.Channel` and pass one suite of tests."""
