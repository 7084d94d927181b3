using System.Security.Cryptography;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Platform.Dialogues;

/// <summary>
/// The lists of choices that a card keeps, as far as is known: a script names those instead of telling them, and tells
/// the card to keep others where that pays (docs/protocols/script.md §8).
/// </summary>
/// <remarks>
/// A list is named by what it says, so nobody counts versions: a list that has changed has another name. A title with a
/// digit in it speaks of now, a balance or a date: such a list is named by its items, and its title is told each time.
/// </remarks>
internal sealed class KeptLists
{
    /// <summary>Octets that a list must save each time it is named.</summary>
    public const int WorthKeeping = 16;

    private readonly HashSet<ListVersion> _there;
    private readonly bool _keeps;
    private readonly bool _isDoubted;

    private KeptLists(HashSet<ListVersion> there, bool keeps, bool isDoubted) =>
        (_there, _keeps, _isDoubted) = (there, keeps, isDoubted);

    /// <summary>A terminal that keeps none: it is told all of every list.</summary>
    public static KeptLists None { get; } = new([], keeps: false, isDoubted: false);

    /// <summary>A card said that it lacks what it had: in this session nothing is named any more.</summary>
    public KeptLists Doubted => new([], _keeps, isDoubted: true);

    /// <summary>A card that keeps lists, and these are there.</summary>
    public static KeptLists Of(IEnumerable<ListVersion> there) => new([.. there], keeps: true, isDoubted: false);

    /// <summary>A script was answered that told these.</summary>
    public KeptLists With(IEnumerable<ListVersion> told) =>
        _isDoubted ? this : new KeptLists([.. _there, .. told], _keeps, isDoubted: false);

    /// <summary>What a list is called.</summary>
    public static ListVersion NameOf(ProactiveCommand list)
    {
        var named = IsSteady(list)
            ? list
            : list with { Objects = list.Objects.Where(found => found.Name != ObjectTag.AlphaIdentifier).ToSequence() };
        var hash = SHA256.HashData(Bytes.Of(named).Span);
        return new ListVersion(hash[0], (ushort)((hash[1] << 8) | hash[2]));
    }

    /// <summary>What a card keeps under a name, where it is one of these.</summary>
    public static Func<ListVersion, ProactiveCommand?> Among(IEnumerable<ProactiveCommand> lists) =>
        name => lists.FirstOrDefault(list => NameOf(list) == name);

    /// <summary>The steps of a script as they are told to this card; each stays in its place.</summary>
    /// <param name="keeps">Lists that are not there are told to be kept, which takes an octet each.</param>
    public Sequence<ScriptStep> In(Sequence<ScriptStep> steps, bool keeps = true) => _keeps
        ? steps.Select(step => step switch
        {
            ToolkitStep { Command: { Type: CommandType.SelectItem, Qualifier: 0 } list, IsShort: true } =>
                Told(step, list, keeps),
            BranchStep branches => new BranchStep(branches.Branches.Select(branch => In(branch, keeps)).ToSequence()),
            _ => step,
        }).ToSequence()
        : steps;

    private ScriptStep Told(ScriptStep whole, ProactiveCommand list, bool keeps)
    {
        var name = NameOf(list);
        var named = IsSteady(list)
            ? new CachedListStep(name.Id, name.Version)
            : CachedListStep.Titled(name, list.Alpha ?? "");
        if (Octets(whole) - Octets(named) < WorthKeeping) return whole;
        if (_there.Contains(name)) return named;
        return keeps ? named with { Told = list } : whole;
    }

    private static bool IsSteady(ProactiveCommand list) => list.Alpha?.Any(char.IsDigit) != true;

    private static int Octets(ScriptStep step) => Piece.Of(step).Octets;
}
