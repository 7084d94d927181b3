using Tessera.Cards.Store;
using Tessera.Wire;

namespace Tessera.Platform.Objects;

/// <summary>Reads the content of a place for objects.</summary>
internal static class StoredObject
{
    /// <summary>The object that lies there; null where there is none.</summary>
    public static SignedObject? Of(Bytes content) =>
        content.Length > 0 && content.Span[0] != 0 ? Read<SignedObject>(content) : null;

    /// <summary>What lies there in the place of an object that was removed; null where nothing does.</summary>
    public static RemovedObject? Removed(Bytes content) =>
        content.Length > 0 && content.Span[0] == 0 ? Read<RemovedObject>(content) : null;

    private static T? Read<T>(Bytes content) where T : class, IWireFormat<T>
    {
        try
        {
            return content.Read<T>();
        }
        catch (WireFormatException)
        {
            return null;
        }
    }
}
