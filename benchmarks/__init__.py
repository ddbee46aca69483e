"""Measurements that a user can rerun."""
