"""What is promised when something breaks: kill -9, a full disk, a database that is away, a lock, half an upgrade."""
