using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Remix.Rooms.Encryption;
using Remix.Tests.Support;

namespace Remix.Tests.Sdk;

/// <summary>Everybody who encrypts agrees: the vectors, Python, Node, and what the server takes.</summary>
public class EncryptionTests(World world) : IClassFixture<World>
{
    private static readonly JsonElement Vectors = JsonSerializer.Deserialize<JsonElement>(
        File.ReadAllText(Path.Combine(Repository.Root, "sdk/vectors/encryption.json")));

    [Theory]
    [InlineData("check_vectors.py")]
    [InlineData("check_vectors.mjs")]
    public async Task An_implementation_agrees_with_the_vectors(string script) => Assert.Equal("54", await Script.Run(script, ""));

    [Fact]
    public void The_vectors_are_what_their_primitives_make_of_them()
    {
        foreach (var message in Vectors.GetProperty("messages").EnumerateArray())
        {
            var bundle = Bytes(message, "c");
            Assert.Equal(1, bundle[0]);
            Assert.Equal(Bytes(message, "nonce"), bundle[1..13]);
            var room = Encoding.UTF8.GetBytes(message.GetProperty("room_id").GetString()!);
            Assert.Equal(message.GetProperty("text").GetString(), Encoding.UTF8.GetString(Open(Bytes(message, "room_key"), bundle[1..], room)));
        }

        foreach (var wrap in Vectors.GetProperty("wraps").EnumerateArray())
        {
            var bytes = Bytes(wrap, "wrap");
            Assert.Equal(Bytes(wrap, "ephemeral_public"), bytes[..32]);
            var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, Bytes(wrap, "shared_secret"), 32,
                [.. Bytes(wrap, "ephemeral_public"), .. Bytes(wrap, "public_key")], Encoding.UTF8.GetBytes("remix-room-key-v1"));
            Assert.Equal(Bytes(wrap, "room_key"), Open(key, bytes[32..], []));
        }
    }

    [Fact]
    public async Task The_server_takes_the_form_of_what_can_be_right_and_no_other()
    {
        var room = await world.NewRoom(world.Atlas, new() { ["encrypted"] = true });
        foreach (var message in Vectors.GetProperty("messages").EnumerateArray())
        {
            (await world.Atlas.Post($"/rooms/{room}/send", new { body = new { c = message.GetProperty("c").GetString(), t = "encrypted" } })).Ok();
        }

        foreach (var message in Vectors.GetProperty("messages_refused").EnumerateArray())
        {
            var body = new { c = message.GetProperty("c").GetString(), t = "encrypted" };
            var answer = await world.Atlas.Post($"/rooms/{room}/send", new { body });
            _ = message.TryGetProperty("form", out _) ? answer.Invalid("body.c") : answer.Ok();
        }

        Assert.All(Vectors.GetProperty("wraps").EnumerateArray(), wrap => Assert.True(EncryptedBundle.IsWrap(wrap.GetProperty("wrap").GetString()!)));
    }

    [Fact]
    public async Task Python_and_node_talk_in_an_encrypted_room_and_the_server_reads_nothing()
    {
        var (python, node, late) = (await NewAgent("py"), await NewAgent("mjs"), await NewAgent("mjs"));
        var room = await world.NewRoom(python.Actor, new() { ["encrypted"] = true, ["visibility"] = "private" }, node.Actor);
        await Do(python, room, "say", "Grüße from Python 🐍");
        await Do(node, room, "say", "and from Node");
        foreach (var reader in new[] { python, node })
        {
            Assert.Equal([("Grüße from Python 🐍", python.Actor.Name, true), ("and from Node", node.Actor.Name, true)], await Read(reader, room));
        }

        // A new member reads what is said once somebody has sealed the key for it.
        (await python.Actor.Post($"/rooms/{room}/invite", new { agents = new[] { late.Actor.Name } })).Ok();
        Assert.All(await Read(late, room), text => Assert.Null(text.Text));
        (await late.Actor.Post($"/rooms/{room}/keys/request")).Ok();
        await Do(python, room, "say", "welcome");
        Assert.Equal("welcome", (await Read(late, room))[2].Text);

        // One that was taken out has the old key, and nothing of what is said later.
        (await python.Actor.Delete($"/rooms/{room}/members/{node.Actor.Name}")).Ok();
        await Do(late, room, "say", "among us");
        Assert.Equal(["Grüße from Python 🐍", "and from Node", "welcome", "among us"], (await Read(python, room)).Select(text => text.Text));
        (await python.Actor.Post($"/rooms/{room}/invite", new { agents = new[] { node.Actor.Name } })).Ok();
        Assert.Equal(["Grüße from Python 🐍", "and from Node", "welcome", null], (await Read(node, room)).Select(text => text.Text));

        Assert.Empty((await python.Actor.Get($"/rooms/{room}/messages?q=welcome")).Ok().Items);
        Assert.Equal(0, await world.Database.Read(session => session.Scalar<long>(
            "select count(*) from events where channel = $1 and payload like '%among us%'", room)));
    }

    [Fact]
    public async Task Two_talk_by_themselves_under_a_key_of_their_own()
    {
        var (python, node) = (await NewAgent("py"), await NewAgent("mjs"));
        (await node.Actor.Put("/agents/me/availability", new { available = true })).Ok();
        var room = (await python.Actor.Post($"/dm/{node.Actor.Name}", new { encrypted = true })).Ok().String("room_id");
        await Do(python, room, "say", "between us");
        await Do(node, room, "say", "of course");
        foreach (var reader in new[] { python, node })
        {
            Assert.Equal(["between us", "of course"], (await Read(reader, room)).Select(text => text.Text));
        }
    }

    private async Task<Agent> NewAgent(string language)
    {
        var userId = world.FreshName("crypto");
        var registered = (await world.Nobody.Post("/register", new { user_id = userId })).Ok(201);
        return new Agent(await world.NewAgent(world.As(userId, registered.String("token"))), language,
            registered.String("private_key"), registered.String("signing_private_key"));
    }

    private Task<string> Do(Agent agent, string room, params string[] words)
    {
        var who = new
        {
            base_url = world.BaseUrl,
            room,
            token = agent.Actor.Token,
            private_key = agent.PrivateKey,
            signing_private_key = agent.SigningPrivateKey,
        };
        return Script.Run($"room_agent.{agent.Language}", JsonSerializer.Serialize(who), words);
    }

    private async Task<List<(string? Text, string? From, bool Signed)>> Read(Agent agent, string room)
    {
        var texts = JsonSerializer.Deserialize<JsonElement>(await Do(agent, room, "read"));
        return [.. texts.EnumerateArray().Select(text => text.ValueKind == JsonValueKind.Null ? (null, null, false) : (
            text.GetProperty("text").GetString(), text.GetProperty("from").GetString(), text.GetProperty("signed").GetBoolean()))];
    }

    private static byte[] Bytes(JsonElement vector, string field) => Convert.FromBase64String(vector.GetProperty(field).GetString()!);

    /// <summary>Opens nonce | ciphertext | tag.</summary>
    private static byte[] Open(byte[] key, byte[] box, byte[] additional)
    {
        using var aes = new AesGcm(key, 16);
        var opened = new byte[box.Length - 28];
        aes.Decrypt(box[..12], box[12..^16], box[^16..], opened, additional);
        return opened;
    }

    private sealed record Agent(Actor Actor, string Language, string PrivateKey, string SigningPrivateKey);
}
