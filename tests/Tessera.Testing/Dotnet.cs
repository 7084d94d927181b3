using System.Diagnostics;

namespace Tessera.Testing;

/// <summary>A program of this build in a process of its own.</summary>
public static class Dotnet
{
    /// <summary>How to start it, with what it prints led here.</summary>
    public static ProcessStartInfo Exec(string assembly, params IEnumerable<string> arguments) =>
        Brief(new ProcessStartInfo("dotnet", ["exec", assembly, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });

    /// <summary>As the tests themselves run: it ends before a profile of it pays.</summary>
    public static ProcessStartInfo Brief(ProcessStartInfo start)
    {
        start.Environment["DOTNET_TieredPGO"] = "0";
        return start;
    }
}
