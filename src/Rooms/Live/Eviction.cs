using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Remix.Platform.Data;
using Remix.Platform.Events;
using Remix.Platform.Realtime;
using Remix.Rooms.Members;

namespace Remix.Rooms.Live;

/// <summary>When a room closes its doors: those who only looked in hear no more of it, on every node.</summary>
public sealed class Eviction(Signals signals, LiveHub hub, IServiceScopeFactory scopes, ILogger<Eviction> log) : IHostedService
{
    /// <summary>Signal whose key is a room that was open and is no longer.</summary>
    private const string ClosedOff = "room-closed-off";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        signals.Listen(ClosedOff, roomId => _ = Task.Run(() => Evict(roomId), CancellationToken.None));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    internal void AfterCommit(SqlSession session, string roomId) => session.AfterCommit(() => signals.Send(ClosedOff, roomId));

    /// <summary>Each node knows who listens to it. The owner is let in again when it comes back.</summary>
    private async Task Evict(string roomId)
    {
        try
        {
            var present = hub.Present(roomId);
            if (present.Count == 0)
            {
                return;
            }

            using var scope = scopes.CreateScope();
            var members = await scope.ServiceProvider.GetRequiredService<RoomMembers>().Of(roomId);
            var owner = roomId[..roomId.IndexOf('/', StringComparison.Ordinal)];
            foreach (var stranger in present.Except(members.Select(member => member.MemberId).Append(owner), StringComparer.Ordinal))
            {
                hub.Dismiss(roomId, stranger);
            }
        }
        catch (Exception e)
        {
            // Rather everybody than somebody who may not: members come back at once.
            log.LogWarning(e, "Who may still listen to {Room} could not be read; all its listeners are sent away", roomId);
            hub.Dismiss(roomId);
        }
    }
}
