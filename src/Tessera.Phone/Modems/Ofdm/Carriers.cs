using System.Numerics;

namespace Tessera.Phone.Modems.Ofdm;

/// <summary>
/// The symbol of the native mode: 128 samples and a cyclic prefix of 32, together one RTP packet of 20 ms. Carriers 5
/// to 53 of 62.5 Hz are in use (312 to 3312 Hz); every eighth of them, from the first to the last, is a pilot.
/// </summary>
internal static class Carriers
{
    public const int Size = 128;
    public const int Prefix = 32;
    public const int SymbolLength = Prefix + Size;
    public const int First = 5;
    public const int Count = 49;
    public const int PilotStep = 8;
    public const int Pilots = 7;
    public const int Data = Count - Pilots;

    /// <summary>
    /// The m-sequence of length 7: two of its rotations, or one and no signs at all, differ in four of seven.
    /// </summary>
    private static readonly int[] PilotSigns = [-1, -1, -1, 1, -1, 1, 1];

    /// <summary>
    /// Newman's phases, for which many carriers together have no high peak: a sweep, and the first symbol.
    /// </summary>
    public static Complex[] Training { get; } =
        [.. Enumerable.Range(0, Count).Select(carrier =>
            Complex.FromPolarCoordinates(1, Math.PI * carrier * carrier / Count))];

    /// <summary>Where the data carriers stand among all, from low to high.</summary>
    public static int[] DataPlaces { get; } =
        [.. Enumerable.Range(0, Count).Where(carrier => carrier % PilotStep != 0)];

    /// <summary>What a pilot is in a symbol: 0 is the one that carries the header, 1 the first with data.</summary>
    public static Complex Pilot(int symbol, int pilot) =>
        Training[pilot * PilotStep] * PilotSigns[(symbol + pilot) % Pilots];
}
