"""What people write becomes the model: journey files (`parser`), parcours.yaml (`settings`), a whole `project`."""
