"""The pictures of pages, drawn by another process as SVG; where none can be drawn, the page has its table."""

from dataclasses import replace

from aiohttp import web

from bot.charts.charts import NotDrawn
from bot.pages.questions import Questions
from handlers.context import Context
from handlers.events import Person
from handlers.figures.picture import Picture
from handlers.pages.asked import Asked
from handlers.pages.insights import insights_picture


async def insights(questions: Questions, asked: Asked) -> web.Response:
    """Answer with the picture of a page of insights. Raises `NotThere`."""

    def show(ctx: Context, asker: Person) -> Picture:
        return insights_picture(ctx, replace(asked, asker=asker))

    picture = await questions.ask(show, asked.asker)
    try:
        drawn = await questions.charts.draw(picture, "svg")
    except NotDrawn:
        return web.Response(status=503, text="There is no picture now.")
    return web.Response(body=drawn, content_type="image/svg+xml")
