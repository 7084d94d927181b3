using Tessera.Cards.Identity;

namespace Tessera.Server.Signing;

/// <summary>The authorities that this server believes: files in folders, read again when one of them is another.</summary>
/// <param name="paths">Folders that are not there hold nobody.</param>
public sealed class TrustFolder(params IReadOnlyList<string> paths) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private TrustStore _store = TrustStore.Of([]);
    private string _read = "";

    /// <summary>What is believed now; nobody where no folder is there.</summary>
    /// <exception cref="InvalidDataException">A file is no certificate and no list, or none is a root.</exception>
    public async Task<TrustStore> ReadAsync(CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            var folders = paths.Where(Directory.Exists).ToList();
            var changed = string.Join('|', folders.Select(Changed));
            if (!string.Equals(changed, _read, StringComparison.Ordinal))
            {
                // Somebody may still judge by the one before, so that is left to its finalizers.
                _store = folders.Count > 0 ? await TrustStore.LoadAsync(folders, cancel) : TrustStore.Of([]);
                _read = changed;
            }

            return _store;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose()
    {
        _store.Dispose();
        _one.Dispose();
    }

    private static string Changed(string folder)
    {
        var newest = Directory.EnumerateFiles(folder).Select(File.GetLastWriteTimeUtc)
            .Append(Directory.GetLastWriteTimeUtc(folder)).Max();
        return $"{folder} {newest.Ticks}";
    }
}
