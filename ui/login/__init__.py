"""Who may use the page and the API, where login is on: users in a file, sessions in the data folder, a guard before all."""
