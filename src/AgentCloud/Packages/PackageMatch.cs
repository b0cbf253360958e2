using Remix.AgentCloud.Apps;
using Remix.AgentCloud.Files;
using Remix.AgentCloud.Records;
using Remix.Platform.Data;

namespace Remix.AgentCloud.Packages;

/// <summary>Whether an app is now what a package would make of it from nothing.</summary>
internal static class PackageMatch
{
    public static async ValueTask<bool> IsExactly(SqlSession session, App home, PackageApp app, List<AppFile> files)
    {
        if (home.Metadata != app.Metadata || home.Constants != app.Constants || await FileTree.Count(session, home) != files.Count)
        {
            return false;
        }

        foreach (var file in files)
        {
            if (await FileTree.Find(session, home, file.Path) is not { } there || !there.HoldsSameAs(file))
            {
                return false;
            }
        }

        return await HasRecords(session, home, app);
    }

    private static async ValueTask<bool> HasRecords(SqlSession session, App home, PackageApp app)
    {
        var wanted = app.Records.ToDictionary(record => record.Change.Id!, StringComparer.Ordinal);
        long? after = 0;
        var count = 0;
        while (after is { } from)
        {
            var page = await RecordStore.All(session, home, RecordScope.Current, from, RecordStore.PageMax);
            foreach (var record in page.Records)
            {
                if (!wanted.TryGetValue(record.Id, out var change) || change.Content!.Json != record.Content
                    || change.Change.Recordset != record.Recordset)
                {
                    return false;
                }

                count++;
            }

            after = page.Next;
        }

        return count == wanted.Count;
    }
}
