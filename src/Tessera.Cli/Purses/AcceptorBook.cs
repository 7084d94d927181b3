using Tessera.Cards.Purse;
using Tessera.Wire;

namespace Tessera.Cli.Purses;

/// <summary>
/// What an offline acceptor keeps: a file of receipts, one a line in hexadecimal digits, and beside it the debit that was
/// sent last as long as its outcome is not known.
/// </summary>
internal sealed class AcceptorBook(string path)
{
    public static async Task<IReadOnlyList<OfflineReceipt>> ReadAsync(string path, CancellationToken cancel)
    {
        List<OfflineReceipt> receipts = [];
        foreach (var line in await File.ReadAllLinesAsync(path, cancel))
        {
            var what = $"{path}, line {receipts.Count + 1}";
            try
            {
                receipts.Add(Verb.Hex(what, line).Read<OfflineReceipt>());
            }
            catch (WireFormatException e)
            {
                throw new FormatException($"{what}: {e.Message}", e);
            }
        }

        return receipts;
    }

    private string OpenPath => path + ".open";

    /// <summary>The debit whose outcome is not known; null for none.</summary>
    public OfflineDebit? Open =>
        File.Exists(OpenPath) ? Verb.Hex(OpenPath, File.ReadAllText(OpenPath)).Read<OfflineDebit>() : null;

    /// <summary>Durable on return: only then the debit may be sent.</summary>
    public void Begin(OfflineDebit debit) => Write(OpenPath, FileMode.CreateNew, Bytes.Of(debit));

    /// <summary>The receipt is durable before the debit is forgotten.</summary>
    public void Take(OfflineReceipt receipt)
    {
        Write(path, FileMode.Append, Bytes.Of(receipt));
        Forget();
    }

    /// <summary>It was not taken, or the issuer learns it from the card.</summary>
    public void Forget() => File.Delete(OpenPath);

    private static void Write(string path, FileMode mode, Bytes octets)
    {
        using var file = new FileStream(path, mode, FileAccess.Write);
        using (var writer = new StreamWriter(file, leaveOpen: true)) writer.WriteLine(octets.ToString());
        file.Flush(flushToDisk: true);
    }
}
