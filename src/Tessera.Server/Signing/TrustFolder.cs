using Tessera.Cards.Identity;

namespace Tessera.Server.Signing;

/// <summary>The authorities that this server believes: files in a folder, read again when one of them is another.</summary>
public sealed class TrustFolder(string path) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private TrustStore _store = TrustStore.Of([]);
    private DateTime _read;

    /// <summary>What is believed now; nobody where the folder is not there.</summary>
    /// <exception cref="InvalidDataException">A file of the folder is no certificate and no list, or none is a root.</exception>
    public async Task<TrustStore> ReadAsync(CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            if (Changed() is var changed && changed != _read)
            {
                // Somebody may still judge by the one before, so that is left to its finalizers.
                _store = await TrustStore.LoadAsync(path, cancel);
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

    private DateTime Changed() => !Directory.Exists(path) ? default : Directory.EnumerateFiles(path)
        .Select(File.GetLastWriteTimeUtc).Append(Directory.GetLastWriteTimeUtc(path)).Max();
}
