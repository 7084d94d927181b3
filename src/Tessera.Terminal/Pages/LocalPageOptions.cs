namespace Tessera.Terminal.Pages;

/// <summary>Where a page of this process is served.</summary>
public sealed record LocalPageOptions
{
    /// <summary>On 127.0.0.1; 0 takes a free port. Default 0.</summary>
    public int Port { get; init; }

    /// <summary>
    /// Origins whose pages may show this one in a frame, e.g. <c>http://127.0.0.1:5080</c>. Default none.
    /// </summary>
    public IReadOnlyList<string> Ancestors { get; init; } = [];
}
