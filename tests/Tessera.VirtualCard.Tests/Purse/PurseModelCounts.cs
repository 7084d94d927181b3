using System.Globalization;

namespace Tessera.VirtualCard.Tests.Purse;

/// <summary>What a run of the purse model has seen.</summary>
public sealed class PurseModelCounts
{
    public int Rounds { get; set; }

    public int Commands { get; set; }

    public int Moves { get; set; }

    public int OfflineMoves { get; set; }

    /// <summary>Debits that brought goods, as the issuer knows them.</summary>
    public int Sales { get; set; }

    public int RefusedMoves { get; set; }

    /// <summary>The power went and the command had not happened.</summary>
    public int CutBefore { get; set; }

    /// <summary>The power went and the command had happened, whole or up to a state the specification names.</summary>
    public int CutAfter { get; set; }

    /// <summary>Movements whose S3 never came, closed as done by the next S1.</summary>
    public int SettledAsDone { get; set; }

    public int SettledAsNotDone { get; set; }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Rounds} rounds, {Commands} commands, {Moves} movements, {Sales} with goods, {OfflineMoves} offline, {RefusedMoves} refused, " +
        $"power cut {CutBefore} times before and {CutAfter} after, settled {SettledAsDone} as done and {SettledAsNotDone} as not done");
}
