using Remix.Platform.Data;

namespace Remix.Rooms.Studios;

/// <summary>The work that a publication asks for, as a task on the board of its room; none where rooms keep no board.</summary>
internal static class PublicationTask
{
    public static ValueTask<Guid?> Add(SqlSession session, Room room, PublishToStudio wish) => ValueTask.FromResult<Guid?>(null);
}
