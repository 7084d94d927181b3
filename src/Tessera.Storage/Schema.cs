using System.Globalization;

namespace Tessera.Storage;

/// <summary>The numbered scripts of <c>Schema/Sqlite</c>, each applied once, in order.</summary>
internal static class Schema
{
    private const string Prefix = "Tessera.Storage.Schema.Sqlite.";

    /// <exception cref="InvalidDataException">The database has a script that this version does not know.</exception>
    public static Task ApplyAsync(Database database, CancellationToken cancel) =>
        database.WriteAsync("schema", async transaction =>
        {
            await transaction.ExecuteAsync(
                "CREATE TABLE IF NOT EXISTS schema_version (number INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT");
            var applied = (await transaction.QueryAsync<long>("SELECT number FROM schema_version")).ToHashSet();
            var scripts = Scripts().ToList();
            if (applied.Except(scripts.Select(script => script.Number)).ToList() is [var unknown, ..])
                throw new InvalidDataException($"The database has schema script {unknown}, of a newer version.");

            foreach (var script in scripts.Where(script => !applied.Contains(script.Number)))
            {
                await transaction.ExecuteAsync(await ReadAsync(script.Resource, cancel));
                await transaction.ExecuteAsync(
                    "INSERT INTO schema_version (number, name) VALUES (@Number, @Name)",
                    new { script.Number, script.Name });
            }
        }, cancel);

    private static IEnumerable<(long Number, string Name, string Resource)> Scripts() =>
        from resource in typeof(Schema).Assembly.GetManifestResourceNames()
        where resource.StartsWith(Prefix, StringComparison.Ordinal)
        let name = resource[Prefix.Length..]
        let number = long.Parse(name[..name.IndexOf('_', StringComparison.Ordinal)], CultureInfo.InvariantCulture)
        orderby number
        select (number, name, resource);

    private static async Task<string> ReadAsync(string resource, CancellationToken cancel)
    {
        await using var stream = typeof(Schema).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(cancel);
    }
}
