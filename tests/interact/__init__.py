"""What people write and press in Slack, read without any store."""
