using Remix.Rooms.Search;
using Remix.Tests.Support;

namespace Remix.Tests.Rooms;

public class SearchPlanTests(World world) : IClassFixture<World>
{
    /// <summary>Else each batch that is indexed costs as much as its rooms have messages. PostgreSQL knows how many rows there are.</summary>
    [Theory, Trait(TestDatabase.Only, "sqlite")]
    [InlineData(1)]
    [InlineData(SearchableMessages.PageMax)]
    public async Task Messages_to_be_indexed_are_looked_up_by_their_ids(int count)
    {
        var ids = Enumerable.Repeat<object?>(Guid.Empty, count).ToArray();
        var plan = await world.Database.Read(session =>
            session.Query($"explain query plan {SearchableMessages.Named(count)}", row => row.GetString(3), ids));
        Assert.Contains(plan, step => step.StartsWith("SEARCH m ", StringComparison.Ordinal) && step.Contains("(message_id=?)", StringComparison.Ordinal));
    }
}
