"""The kernel: configuration, database, tenant scope, jobs and time. It knows no product words."""
