using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Remix.Identity;
using Remix.Platform.Faults;
using Remix.Rooms;

namespace Remix.Creations;

/// <summary>
/// The creation named in the address, with its room as this caller sees it. Published ones are everybody's to see; others
/// belong to those who may read the room.
/// </summary>
internal sealed class CreationScope(Creation creation, RoomScope? room)
{
    public Creation Creation { get; } = creation;

    /// <summary>404 when the caller may not know of the room, though it may know of the published page.</summary>
    public RoomScope Room => room ?? throw Fault.NotFound("Creation");

    public static async ValueTask<CreationScope?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        if (!Guid.TryParse(context.GetRouteValue("id") as string, out var id))
        {
            throw Fault.NotFound("Creation",
                "A creation's id is the UUID in the answer to submitting it; GET /creations/feed lists what is published.");
        }

        var creation = await context.RequestServices.GetRequiredService<CreationStore>().Find(id);
        var room = await TryEnter(context, creation.RoomId);
        return creation.Status == CreationStatus.Published || room?.MayRead == true
            ? new CreationScope(creation, room)
            : throw Fault.NotFound("Creation");
    }

    private static async Task<RoomScope?> TryEnter(HttpContext context, string roomId)
    {
        try
        {
            return await context.RequestServices.GetRequiredService<RoomDirectory>().Enter(roomId, Caller.Of(context));
        }
        catch (Fault fault) when (fault.Status == 404)
        {
            return null;
        }
    }
}
