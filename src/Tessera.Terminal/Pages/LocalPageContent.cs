using System.Reflection;
using System.Text.Json.Serialization.Metadata;

namespace Tessera.Terminal.Pages;

/// <summary>What a page of this process is made of: NAME.html, NAME.css and NAME.js among the resources.</summary>
/// <param name="Assembly">Where the resources are.</param>
/// <param name="Folder">Their names up to the last point before NAME.</param>
/// <param name="Name">Of the three files; the HTML gets the token where it says {token}.</param>
public sealed record LocalPageContent(Assembly Assembly, string Folder, string Name)
{
    /// <summary>Octets of the longest request. Default 4096.</summary>
    public int MaxBody { get; init; } = 4096;

    /// <summary>Paths that a browser opens by itself, so that the token stands in their address. Default none.</summary>
    public IReadOnlyList<string> TokenInAddress { get; init; } = [];

    /// <summary>Scripts that NAME.js imports, by their names in the assembly: KIND.js is served as /KIND.js.</summary>
    public IReadOnlyList<string> Modules { get; init; } = [];

    /// <summary>How requests are read as JSON; null where none is.</summary>
    public IJsonTypeInfoResolver? Json { get; init; }

    internal string Read(string kind) => ReadResource($"{Folder}.{Name}.{kind}");

    internal string ReadResource(string resource)
    {
        using var stream = Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"{resource} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
