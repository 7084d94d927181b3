namespace Tessera.Story;

/// <summary>
/// Where the files of one story are, gone afterwards: in memory where the system has such a folder, because a story
/// loses processes and never the disk.
/// </summary>
internal sealed class StoryFolder : IDisposable
{
    private const string InMemory = "/dev/shm";

    public string Path { get; } = Directory.Exists(InMemory)
        ? Directory.CreateDirectory(System.IO.Path.Combine(InMemory, $"tessera-{Guid.NewGuid():N}")).FullName
        : Directory.CreateTempSubdirectory("tessera-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
