"""Pure translations between the JSON of a Mattermost server and the bot's own values."""
