using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace Remix.JsRuntime.Workers.Objects;

/// <summary>Which objects a bucket has, and which are being made of parts: a SQLite file beside the bytes.</summary>
internal sealed class R2Index
{
    /// <summary>Of all objects and parts together.</summary>
    public const long BytesMax = 1024L * 1024 * 1024;

    private const string Columns = "key, body, version, size, etag, uploaded_at, checksums, http, custom";

    private readonly TenantDatabase database;

    public R2Index(string folder, string name)
    {
        database = new TenantDatabase(Path.Combine(folder, $"r2-{name}.db"));
        Do<object?>(session =>
        {
            session.Run("""
                create table if not exists objects (key text primary key, body text not null, version text not null, size integer not null,
                    etag text not null, uploaded_at integer not null, checksums text not null, http text not null,
                    custom text not null) without rowid;
                create table if not exists uploads (id text primary key, key text not null, http text not null, custom text not null) without rowid;
                create table if not exists parts (upload_id text not null, number integer not null, body text not null, size integer not null,
                    etag text not null, primary key (upload_id, number)) without rowid
                """);
            return null;
        });
    }

    public R2Object? Find(string key) => See(session => Find(session, key));

    /// <summary>Names an object's bytes, and which they replace.</summary>
    public (List<string> Replaced, R2Object Made) Put(R2Object made, R2Condition condition) => Do(session => Put(session, made, condition));

    /// <summary>The same of an object made of parts, which go with it.</summary>
    public (List<string> Replaced, R2Object Made) Complete(string uploadId, R2Object made) => Do(session =>
    {
        var parts = Abort(session, uploadId);
        var (replaced, _) = Put(session, made, R2Condition.None);
        return ((List<string>)[.. replaced, .. parts], made);
    });

    private static (List<string> Replaced, R2Object Made) Put(TenantSession session, R2Object made, R2Condition condition)
    {
        var before = Find(session, made.Key);
        if (!condition.Holds(before))
        {
            throw R2Exception.PreconditionFailed(null);
        }

        RequireRoom(session, made.Size - (before?.Size ?? 0));
        session.Run($"insert or replace into objects ({Columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)", made.Key, made.Body, made.Version,
            made.Size, made.Tag, made.UploadedAt, made.Checksums, made.Http, made.Custom);
        return (before is null ? [] : [before.Body], made);
    }

    /// <summary>Forgets objects; those that are not there too. Returns which bytes can go.</summary>
    public List<string> Delete(IReadOnlyList<string> keys) => Do(session =>
        keys.SelectMany(key => session.Rows("delete from objects where key = $1 returning body", row => row.GetString(0), key)).ToList());

    /// <summary>The objects after a key that begin with a prefix, in the order of their keys' bytes.</summary>
    public List<R2Object> After(string prefix, string after, int most) => See(session => session.Rows($"""
        select {Columns} from objects where key > $1 and key >= $2 and key < $3 order by key limit $4
        """, Read, after, prefix, prefix + R2Listing.Last, most));

    public string Begin(R2Request asked) => Do(session =>
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        session.Run("insert into uploads values ($1, $2, $3, $4)", id, asked.Key, asked.Http, asked.Custom);
        return id;
    });

    public void RequireUpload(R2Request asked) => See(session =>
    {
        RequireUpload(session, asked);
        return 0;
    });

    public List<string> PutPart(R2Request asked, R2Body body) => Do(session =>
    {
        RequireUpload(session, asked);
        RequireRoom(session, body.Size);
        var before = session.Rows("select body from parts where upload_id = $1 and number = $2", row => row.GetString(0), asked.UploadId,
            asked.PartNumber);
        session.Run("insert or replace into parts values ($1, $2, $3, $4, $5)", asked.UploadId, asked.PartNumber, body.Id, body.Size,
            body.Digests["md5"]);
        return before;
    });

    /// <summary>The parts that are named, each of which must have come.</summary>
    public List<R2Part> Parts(R2Request asked) => See(session =>
    {
        RequireUpload(session, asked);
        var parts = asked.Parts.OrderBy(part => part.Number).Select(part => session.Rows("""
            select body, size, etag, http, custom from parts join uploads on id = upload_id where upload_id = $1 and number = $2 and etag = $3
            """, row => new R2Part(row.GetString(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetString(4)), asked.UploadId,
            part.Number, part.Tag).FirstOrDefault() ?? throw R2Exception.NoSuchPart()).ToList();
        return parts.Count > 0 ? parts : throw R2Exception.NoSuchPart();
    });

    /// <summary>Forgets an upload and its parts; returns which bytes can go.</summary>
    public List<string> Abort(string uploadId) => Do(session => Abort(session, uploadId));

    /// <summary>All bytes that are named.</summary>
    public HashSet<string> Bodies() => See(session =>
        session.Rows("select body from objects union all select body from parts", row => row.GetString(0)).ToHashSet(StringComparer.Ordinal));

    private static List<string> Abort(TenantSession session, string uploadId)
    {
        session.Run("delete from uploads where id = $1", uploadId);
        return session.Rows("delete from parts where upload_id = $1 returning body", row => row.GetString(0), uploadId);
    }

    private static R2Object? Find(TenantSession session, string key) =>
        session.Rows($"select {Columns} from objects where key = $1", Read, key).FirstOrDefault();

    private static void RequireUpload(TenantSession session, R2Request asked)
    {
        if (session.Rows("select 1 from uploads where id = $1 and key = $2", row => row.GetInt64(0), asked.UploadId, asked.Key).Count == 0)
        {
            throw R2Exception.NoSuchUpload();
        }
    }

    private static void RequireRoom(TenantSession session, long more)
    {
        var used = session.Rows("select coalesce((select sum(size) from objects), 0) + coalesce((select sum(size) from parts), 0)",
            row => row.GetInt64(0))[0];
        if (more > 0 && used + more > BytesMax)
        {
            throw R2Exception.Full();
        }
    }

    private T See<T>(Func<TenantSession, T> look)
    {
        using var session = database.Begin(writes: false);
        return look(session);
    }

    private T Do<T>(Func<TenantSession, T> work)
    {
        using var session = database.Begin(writes: true);
        var result = work(session);
        session.Commit();
        return result;
    }

    private static R2Object Read(SqliteDataReader row) => new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt64(3),
        row.GetString(4), row.GetInt64(5), row.GetString(6), row.GetString(7), row.GetString(8));
}
