using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Remix.AgentCloud.Files;
using Remix.AgentCloud.Records;
using Remix.AgentCloud.Zip;
using Remix.Platform.Blobs;
using Remix.Platform.Faults;
using Remix.Platform.Http;

namespace Remix.AgentCloud.Packages;

/// <summary>Makes a package out of another one: with records of the app in a recordset of their own, and with other constants.</summary>
internal sealed class Remixgen(IncomingFile incoming, BlobStore blobs)
{
    public const string Recordset = "remixgen";

    /// <summary>The earliest time that a ZIP file can say: the same inputs make the same package.</summary>
    private static readonly DateTimeOffset Fixed = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The package with the rows and the constants in it; the source is closed then.</summary>
    /// <param name="rows">Null for none: then the recordset stays as it is.</param>
    /// <param name="overrides">By app, what is put into its constants.</param>
    public async Task<Blob> Make(Stream source, JsonElement? rows, IReadOnlyDictionary<string, JsonElement> overrides, CancellationToken stop)
    {
        using var zip = CheckedZip.Open(source, ZipLimits.Package);
        var package = await PackageReader.Read(zip, stop);
        RequireApps(package, overrides);
        var target = package.Apps.FirstOrDefault(app => app.Name == package.Name) ?? package.Apps[0];
        var changed = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        if (rows is { } records)
        {
            changed[$"apps/{target.Name}/recordsets/{Recordset}/rsMeta.json"] = Json(new { name = Recordset });
            changed[$"apps/{target.Name}/recordsets/{Recordset}/records.json"] = Json(Plain(records, target));
        }

        foreach (var (app, constants) in overrides)
        {
            var meta = $"apps/{app}/{AppParts.Meta}";
            changed[meta] = Merged(zip.Has(meta) ? await zip.Bytes(meta, Package.JsonBytesMax, stop) : "{}"u8.ToArray(), constants);
        }

        // A recordset that was made so before gives way to the new one.
        var old = rows is null ? "\0" : $"apps/{target.Name}/recordsets/{Recordset}/";
        await using var file = incoming.Create();
        await Write(zip, file, changed, name => !changed.ContainsKey(name) && !name.StartsWith(old, StringComparison.Ordinal), stop);
        await RequireGood(file, stop);
        file.Position = 0;
        return await blobs.Put(file, Math.Min(AppFile.BytesMax, ZipLimits.Package.BytesMax), stop);
    }

    /// <summary>The rows as a package has them: without the app's own facts, and with an id where no other record has it.</summary>
    private static JsonArray Plain(JsonElement rows, PackageApp target)
    {
        var taken = target.Records.Where(record => record.Change.Recordset != Recordset).Select(record => record.Change.Id!)
            .ToHashSet(StringComparer.Ordinal);
        var plain = new JsonArray();
        foreach (var row in rows.EnumerateArray())
        {
            if (row.ValueKind != JsonValueKind.Object)
            {
                throw Fault.Invalid("query", "It must find records, which are objects");
            }

            var record = new JsonObject();
            foreach (var member in row.EnumerateObject().Where(member => !member.Name.StartsWith(CloudNames.Reserved, StringComparison.Ordinal)
                || (member.Name == SystemField.Id && member.Value.ValueKind == JsonValueKind.String && taken.Add(member.Value.GetString()!))))
            {
                record[member.Name] = JsonNode.Parse(member.Value.GetRawText());
            }

            plain.Add(record);
        }

        return plain;
    }

    private static async Task Write(CheckedZip zip, Stream file, SortedDictionary<string, byte[]> changed, Predicate<string> isKept,
        CancellationToken stop)
    {
        using var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var name in zip.Entries.Keys.Where(name => isKept(name)).Concat(changed.Keys).Order(StringComparer.Ordinal))
        {
            var entry = archive.CreateEntry(name, CompressionLevel.Optimal);
            entry.LastWriteTime = Fixed;
            await using var to = entry.Open();
            await using var from = changed.TryGetValue(name, out var bytes) ? new MemoryStream(bytes, writable: false) : zip.Read(name);
            await from.CopyToAsync(to, stop);
        }
    }

    /// <summary>What is made here can be installed; if not, that is said now.</summary>
    private async Task RequireGood(FileStream file, CancellationToken stop)
    {
        file.Position = 0;
        using var zip = CheckedZip.Open(await incoming.Receive(file, ZipLimits.Package.BytesMax, stop), ZipLimits.Package);
        await PackageReader.Read(zip, stop);
    }

    private static void RequireApps(Package package, IReadOnlyDictionary<string, JsonElement> overrides)
    {
        var strangers = overrides.Keys.Where(name => package.Apps.All(app => app.Name != name)).ToList();
        if (strangers.Count > 0)
        {
            throw Fault.Invalid([.. strangers.Select(name => new Issue("custom", ["overrides", name],
                $"The package has no such app; it has {string.Join(", ", package.Apps.Select(app => app.Name))}"))]);
        }
    }

    private static byte[] Merged(byte[] meta, JsonElement overrides)
    {
        var merged = JsonNode.Parse(meta)!.AsObject();
        var constants = merged["constants"] as JsonObject ?? [];
        merged["constants"] = constants;
        foreach (var member in overrides.EnumerateObject())
        {
            constants[member.Name] = JsonNode.Parse(member.Value.GetRawText());
        }

        return Json(merged);
    }

    private static byte[] Json<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, RemixJson.Options);
}
