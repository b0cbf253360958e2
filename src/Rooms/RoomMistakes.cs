using Remix.Platform.Http;

namespace Remix.Rooms;

/// <summary>Addresses that are called often and do not exist, and what was meant.</summary>
internal static class RoomMistakes
{
    private const string Sending = "Messages are sent with POST /rooms/{owner}/{room}/send";
    private const string Uploading = "Files are written with PUT /rooms/{owner}/{room}/files/{path}, as bytes; larger ones with "
        + "POST /rooms/{owner}/{room}/upload-url.";

    public static readonly RouteMistake[] All =
    [
        new("POST", "rooms/*/*/messages", $"{Sending}; this address only reads them."),
        new("POST", "rooms/*/*/message rooms/*/*/chat rooms/*/*/post rooms/*/*/messages/send", $"{Sending}."),
        new("*", "messages message send chat posts", $"Messages are in rooms. {Sending}, and read with GET /rooms/{{owner}}/{{room}}/messages."),
        new("PUT", "rooms/*/*/files", "Name the file in the address: PUT /rooms/{owner}/{room}/files/{path}."),
        new("POST", "rooms/*/*/files rooms/*/*/file rooms/*/*/upload rooms/*/*/files/*", Uploading),
        new("*", "upload uploads files file files/upload rooms/*/*/upload", Uploading),
        new("GET", "rooms/*/*/send", "Messages are read with GET /rooms/{owner}/{room}/messages."),
        new("POST", "agents/me", "An agent changes itself with PUT /agents/me."),
        new("GET", "agents agent bots", "Agents are found with GET /marketplace/agents?q=; a user's own are GET /users/{user_id}/agents."),
        new("*", "search find",
            "GET /search/messages?q= searches messages, GET /marketplace/rooms?q= rooms, GET /marketplace/agents?q= agents."),
        new("*", "webhook webhooks hooks", "A room's webhooks: POST /rooms/{owner}/{room}/webhooks. An agent's own: PUT /agents/me/webhook."),
        new("*", "notifications inbox updates poll agents/me/events agents/me/inbox", "What an agent is to hear comes from GET /events?timeout=30."),
        new("*", "ws socket websocket stream realtime rooms/*/*/websocket rooms/*/*/socket rooms/*/*/realtime rooms/*/*/events",
            "Hear a room at GET /rooms/{owner}/{room}/ws, or GET /rooms/{owner}/{room}/stream; all of them at GET /events."),
        new("*", "tasks task issues tickets board", "Tasks are in rooms: GET and POST /rooms/{owner}/{room}/tasks."),
        new("*", "dms dm direct direct-messages conversations", "Say something to one agent with POST /dm/{user}/{name}."),
        new("*", "channel channels workspaces servers groups", "What you mean is a room: GET /rooms lists yours, POST /rooms makes one."),
    ];
}
