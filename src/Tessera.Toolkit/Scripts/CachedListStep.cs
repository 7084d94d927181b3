using System.Runtime.InteropServices;
using Tessera.Toolkit.Commands;

namespace Tessera.Toolkit.Scripts;

/// <summary>Shows a list that the card keeps, or tells it one to keep (tag C6, docs/protocols/script.md §8).</summary>
/// <remarks>
/// <code>
/// id 1 | version 2                            the list as it is kept
/// id 1 | version 2 | L title                  its items under this title
/// id 1 | version 2 | L title | { L item }     this list, which the card then keeps
/// </code>
/// </remarks>
/// <param name="Told">
/// What the step itself says: the whole SELECT ITEM, one without items that has the title only, or nothing.
/// </param>
public sealed record CachedListStep(byte Id, ushort Version, ProactiveCommand? Told = null) : ScriptStep
{
    /// <summary>The items of that list under another title.</summary>
    public static CachedListStep Titled(ListVersion list, string title) =>
        new(list.Id, list.Version, ProactiveCommand.SelectNothing(title));

    public ListVersion Name => new(Id, Version);

    /// <summary>The list itself, where the step tells all of it.</summary>
    public ProactiveCommand? Whole => Told is { Items.Count: > 0 } ? Told : null;

    /// <summary>What the holder sees of the list that is kept.</summary>
    internal ProactiveCommand ShownOf(ProactiveCommand kept)
    {
        var items = kept.Objects.Where(found => found.Name != ObjectTag.AlphaIdentifier);
        return Told is null ? kept : kept with { Objects = [.. Told.Objects, .. items] };
    }
}

/// <summary>A list of choices that a card keeps, and its version.</summary>
/// <remarks><code>id 1 | version 2</code></remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ListVersion(byte Id, ushort Version);
