"""What is kept about a member of a server, and forgetting it."""

from store.database import Reader, Writer
from store.holdings.tables import TABLES, Member, Table


async def kept(connection: Reader, guild_id: int, member_id: int) -> dict[str, int]:
    """Return in how many rows of a guild a member's id stands, by what they are told as; those alone that there are."""
    found: dict[str, int] = {}
    for table in TABLES:
        for where, member in _members(table):
            rows = await connection.execute_fetchall(
                f"SELECT count(*) FROM {table.name} WHERE {where}", {"guild": guild_id, "member": member_id}
            )
            ((count,),) = rows
            if count:
                found[member.told_as] = found.get(member.told_as, 0) + int(count)
    return found


async def forget(connection: Writer, guild_id: int, member_id: int) -> None:
    """Delete a member's own rows of a guild, and the member's id in all others."""
    values = {"guild": guild_id, "member": member_id}
    for table in reversed(TABLES):
        for where, member in _members(table):
            what = f"DELETE FROM {table.name}" if member.goes else f"UPDATE {table.name} SET {member.setting}"
            await connection.execute(f"{what} WHERE {where}", values)


def _members(table: Table) -> list[tuple[str, Member]]:
    """Return the conditions for a table's rows with a member's id; those that go are counted as that alone."""
    going = " ".join(f"AND {one.value} IS NOT :member" for one in table.members if one.goes)
    return [(f"{table.of_guild} AND {one.value} = :member {'' if one.goes else going}", one) for one in table.members]
