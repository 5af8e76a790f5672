"""What follows for messages that stand: drawing them anew, reactions, what could not be delivered."""
