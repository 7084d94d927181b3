using Tessera.Platform.Applications;

namespace Tessera.Server.Hosting;

/// <summary>The card applications this server hosts.</summary>
public sealed class ApplicationCatalogue(IReadOnlyList<ICardApplication> applications)
{
    public IReadOnlyList<ICardApplication> All { get; } = applications;

    /// <summary>What a terminal without a menu of its own runs.</summary>
    public ICardApplication First => All[0];

    public ICardApplication? Find(string name) =>
        All.FirstOrDefault(application => string.Equals(application.Name, name, StringComparison.Ordinal));
}
