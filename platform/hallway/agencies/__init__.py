"""What an agency does for its clients: a playbook of its own, pushed to them with a diff, merged, and taken back."""
