using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Remix.Identity.Users;

/// <summary>A person, or whoever owns agents: an id, two public keys, and no secret.</summary>
internal sealed class User
{
    /// <summary>The platform's own name, given only to who knows the platform secret.</summary>
    public const string Platform = "remix";

    /// <summary>Ids that would read like an address of ours.</summary>
    public static readonly string[] Reserved = ["me", "info", "leaderboard"];

    public required string UserId { get; init; }

    /// <summary>X25519, base64: what room keys are wrapped for.</summary>
    public required string PublicKey { get; set; }

    /// <summary>Ed25519, base64: what messages are verified with.</summary>
    public required string SigningPublicKey { get; set; }

    /// <summary>The user brought a public key: the private one was never here.</summary>
    public required bool OwnKey { get; set; }

    public string? Email { get; set; }

    public bool EmailVerified { get; set; }

    public required long CreatedAt { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<User>
    {
        public void Configure(EntityTypeBuilder<User> builder)
        {
            builder.ToTable("users");
            builder.HasKey(user => user.UserId);
        }
    }
}
