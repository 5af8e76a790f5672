"""The REST routes, one module per kind of thing, and the table of them all."""

from ..routing import Route
from . import (
    actions,
    bots,
    channel_members,
    channels,
    commands,
    conversations,
    dialogs,
    hooks,
    post_lists,
    posts,
    reactions,
    roles,
    system,
    team_members,
    teams,
    tokens,
    user_lookup,
    users,
)

ROUTES: list[Route] = [
    *users.ROUTES,
    *user_lookup.ROUTES,
    *tokens.ROUTES,
    *bots.ROUTES,
    *roles.ROUTES,
    *teams.ROUTES,
    *team_members.ROUTES,
    *conversations.ROUTES,
    *channels.ROUTES,
    *channel_members.ROUTES,
    *posts.ROUTES,
    *post_lists.ROUTES,
    *reactions.ROUTES,
    *actions.ROUTES,
    *dialogs.ROUTES,
    *commands.ROUTES,
    *hooks.ROUTES,
    *system.ROUTES,
]
"""All routes below `/api/v4`."""
