using System.IO.Compression;
using System.Text;

namespace Remix.Tests.AgentCloud.Packages;

/// <summary>Packages as tests make them, good and bad.</summary>
internal sealed class Packed
{
    private readonly List<(string Name, byte[] Bytes, int Attributes)> entries = [];

    public static Packed With(string updates = "*", string id = "pack-1", string manifest = "") => new Packed().And("manifest_v2.json",
        manifest.Length > 0 ? manifest
        : $$"""{"version":"2.1","id":"{{id}}","updates":"{{updates}}","name":"shop","app":{"recordsets":[],"filesets":[],"metadata":{} } }""");

    /// <summary>An app with two records, an agent and a page.</summary>
    public static Packed Shop(string updates = "*", string id = "pack-1") => With(updates, id)
        .And("apps/shop/appMeta.json", """{"constants":{"colour":"red"}}""")
        .And("apps/shop/recordsets/goods/rsMeta.json", """{"name":"goods"}""")
        .And("apps/shop/recordsets/goods/1.json", """[{"name":"tea","price":3},{"_rmx_id":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","name":"cup"}]""")
        .And("apps/shop/filesets/main/fsMeta.json", "{}")
        .And("apps/shop/filesets/main/root/code/hello.js", "export default async () => ({})")
        .And("apps/shop/filesets/main/root/code/hello.json", """{"name":"hello"}""")
        .And("apps/shop/filesets/main/root/public/index.html", "<h1>shop</h1>");

    public Packed And(string name, string text, int attributes = 0) => And(name, Encoding.UTF8.GetBytes(text), attributes);

    public Packed And(string name, byte[] bytes, int attributes = 0)
    {
        entries.Add((name, bytes, attributes));
        return this;
    }

    public byte[] Bytes()
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes, attributes) in entries)
            {
                var entry = zip.CreateEntry(name, CompressionLevel.Fastest);
                entry.ExternalAttributes = attributes;
                using var stream = entry.Open();
                stream.Write(bytes);
            }
        }

        return file.ToArray();
    }
}
