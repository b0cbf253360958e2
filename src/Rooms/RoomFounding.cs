using Remix.Identity;
using Remix.Platform.Text;

namespace Remix.Rooms;

/// <summary>Making rooms from within: the server's own, and those that other modules need.</summary>
public sealed class RoomFounding
{
    private readonly RoomStore rooms;
    private readonly RoomDirectory directory;
    private readonly TimeProvider clock;

    internal RoomFounding(RoomStore rooms, RoomDirectory directory, TimeProvider clock)
    {
        (this.rooms, this.directory, this.clock) = (rooms, directory, clock);
    }

    /// <summary>The room of that name under the founder's user, made if it is not there, as the founder sees it.</summary>
    public async Task<RoomScope> Open(
        Caller founder, string leaf, string name, string description, RoomVisibility visibility = RoomVisibility.Open)
    {
        var roomId = $"{founder.RequireUserId()}/{leaf}";
        if (!await rooms.Exists(roomId))
        {
            await rooms.Create(new Room
            {
                RoomId = roomId,
                Owner = founder.RequireUserId(),
                Creator = founder.Name,
                Name = name,
                Description = description,
                Visibility = visibility,
                Encrypted = false,
                Moderated = false,
                Config = RoomPolicies.NoConfig,
                MemberCount = 1,
                CreatedAt = clock.NowMs(),
            }, []);
        }

        return await directory.Enter(roomId, founder);
    }

    /// <summary>Opens a private room to everybody.</summary>
    public Task Reveal(string roomId) => rooms.Reveal(roomId);
}
