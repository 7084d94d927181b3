using System.Text;
using Tessera.Toolkit.Links;

namespace Tessera.Terminal.Enrolments;

/// <summary>The server that a terminal was enrolled at: all that it needs to connect for ever after.</summary>
/// <param name="Address"><c>wss://host:port/link</c> or <c>tls://host:port</c>.</param>
/// <param name="Pin">The server's key, which proved the code.</param>
/// <remarks>In the terminal's folder, a line of its file <c>server</c>: address, a space, 64 hexadecimal digits.</remarks>
public sealed record EnrolledServer(Uri Address, PeerIdentity Pin)
{
    private const string FileName = "server";

    /// <summary>What is in the folder of a terminal; null where it has not been enrolled.</summary>
    /// <exception cref="FormatException">The file is damaged; the message names it.</exception>
    public static EnrolledServer? Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return null;
        var line = File.ReadAllText(path).TrimEnd('\n');
        var at = line.IndexOf(' ', StringComparison.Ordinal);
        return at > 0 && Uri.TryCreate(line[..at], UriKind.Absolute, out var address)
            ? new EnrolledServer(address, PeerIdentity.Parse(line[(at + 1)..]))
            : throw new FormatException($"{path} is damaged: it is to hold the address of a server and its key.");
    }

    /// <summary>Durable when it returns; takes the place of a server before.</summary>
    internal void Write(string folder)
    {
        var path = Path.Combine(folder, FileName);
        var fresh = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(fresh, options))
        {
            file.Write(Encoding.UTF8.GetBytes($"{Address.OriginalString} {Pin}\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(fresh, path, overwrite: true);
    }
}
