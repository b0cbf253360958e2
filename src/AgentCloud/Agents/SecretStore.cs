using System.Security.Cryptography;
using System.Text;
using Remix.AgentCloud.Data;
using Remix.Platform.Data;
using Remix.Platform.Faults;
using Remix.Platform.Text;

namespace Remix.AgentCloud.Agents;

/// <summary>
/// The secrets of workspaces: set and deleted by name, read by agents only, listed by nobody. Sealed with AES-GCM, so that a
/// copy of the database tells none; bound to workspace and name, so that no sealed text counts elsewhere.
/// </summary>
internal sealed class SecretStore(WorkspaceData data, SecretKey key, TimeProvider clock)
{
    public const int CountMax = 200;
    public const int LengthMax = 32 * 1024;

    private const int NonceBytes = 12, TagBytes = 16;

    /// <summary>Sets it, whether there was one of the name or not.</summary>
    public Task Set(string workspaceId, string name, string value, string by)
    {
        var sealedText = Seal(workspaceId, name, value);
        return data.Write(workspaceId, async session =>
        {
            if (await session.Scalar<long>("select count(*) from cloud_secrets where workspace_id = $1 and name <> $2", workspaceId, name)
                >= CountMax)
            {
                throw Fault.Conflict("TOO_MANY_SECRETS", $"A workspace has at most {CountMax} secrets", "Delete those that are not needed.");
            }

            await session.Execute("""
                insert into cloud_secrets (workspace_id, name, sealed, created_at, created_by) values ($1, $2, $3, $4, $5)
                on conflict (workspace_id, name) do update set sealed = $3, created_at = $4, created_by = $5
                """, workspaceId, name, sealedText, clock.NowMs(), by);
        });
    }

    public Task Delete(string workspaceId, string name) => data.Write(workspaceId, async session =>
    {
        if (await session.Execute("delete from cloud_secrets where workspace_id = $1 and name = $2", workspaceId, name) == 0)
        {
            throw Fault.NotFound("Secret");
        }
    });

    /// <summary>The secret itself, for an agent of the workspace; null when there is none.</summary>
    public async Task<string?> Open(string workspaceId, string name) => await data.Read(workspaceId, session =>
        session.Scalar<string>("select sealed from cloud_secrets where workspace_id = $1 and name = $2", workspaceId, name)) is { } sealedText
            ? Unseal(workspaceId, name, sealedText) : null;

    private string Seal(string workspaceId, string name, string value)
    {
        var plain = Encoding.UTF8.GetBytes(value);
        var bytes = new byte[NonceBytes + TagBytes + plain.Length];
        var nonce = bytes.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key.Bytes, TagBytes);
        aes.Encrypt(nonce, plain, bytes.AsSpan(NonceBytes + TagBytes), bytes.AsSpan(NonceBytes, TagBytes), Context(workspaceId, name));
        return Convert.ToBase64String(bytes);
    }

    private string Unseal(string workspaceId, string name, string sealedText)
    {
        var bytes = Convert.FromBase64String(sealedText);
        var plain = new byte[bytes.Length - NonceBytes - TagBytes];
        try
        {
            using var aes = new AesGcm(key.Bytes, TagBytes);
            aes.Decrypt(bytes.AsSpan(0, NonceBytes), bytes.AsSpan(NonceBytes + TagBytes), bytes.AsSpan(NonceBytes, TagBytes), plain,
                Context(workspaceId, name));
        }
        catch (AuthenticationTagMismatchException)
        {
            throw new Fault(500, "SECRET_UNREADABLE", $"The secret {name} was sealed with another key")
            {
                Hint = "Set it again.",
            };
        }

        return Encoding.UTF8.GetString(plain);
    }

    private static byte[] Context(string workspaceId, string name) => Encoding.UTF8.GetBytes($"remix-cloud-secret\n{workspaceId}\n{name}");
}
