namespace Tessera.Cli.Apdus;

/// <summary>
/// What was typed at the prompt, in the user's state folder for the next time: <c>$XDG_STATE_HOME/tessera/apdu.history</c>.
/// </summary>
internal sealed class ApduHistory
{
    private const int MaxLines = 500;

    private readonly string? _path;
    private readonly List<string> _lines;

    private ApduHistory(string? path, List<string> lines) => (_path, _lines) = (path, lines);

    /// <summary>The oldest first.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>That of the user; one that is not kept where the file cannot be read.</summary>
    public static ApduHistory Open()
    {
        try
        {
            var path = Path.Combine(StateFolder(), "tessera", "apdu.history");
            return new ApduHistory(path, File.Exists(path) ? [.. File.ReadLines(path).TakeLast(MaxLines)] : []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Verb.Warn($"What is typed is not kept: {e.Message}");
            return new ApduHistory(null, []);
        }
    }

    /// <summary>Keeps a line, unless it is the same again. The caller sees to it that it holds no secret.</summary>
    public void Keep(string line)
    {
        if (_lines.Count > 0 && string.Equals(_lines[^1], line, StringComparison.Ordinal)) return;
        _lines.Add(line);
        if (_lines.Count > MaxLines) _lines.RemoveAt(0);
        if (_path is null) return;
        try
        {
            Write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Verb.Warn($"What was typed is not kept: {e.Message}");
        }
    }

    private void Write()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new StreamWriter(new FileStream(_path!, options));
        foreach (var line in _lines) file.WriteLine(line);
    }

    private static string StateFolder() =>
        Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } state ? state
        : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
}
