using Tessera.Cards;
using Tessera.Toolkit;
using Tessera.Toolkit.Verifiers;

namespace Tessera.Terminal.Ports;

/// <summary>What a terminal has beside card reader, display and keys; none of it is the terminal's to dispose.</summary>
public sealed record TerminalPorts
{
    /// <summary>Default null: it has none.</summary>
    public IPrinter? Printer { get; init; }

    /// <summary>Default null: no finger can be laid on it.</summary>
    public IBiometricReader? Finger { get; init; }

    /// <summary>Default the mains.</summary>
    public IPowerSource Power { get; init; } = new Mains();

    /// <summary>
    /// The reader of a second card that scripts speak to, such as a security module of the shop (SAM). Default null: it
    /// has none.
    /// </summary>
    public ICardReader? Module { get; init; }

    /// <summary>
    /// The one verifier that PINs and fingers may go to, encrypted, where a script asks for it and a holder lets them. Default
    /// null: none leaves the terminal.
    /// </summary>
    public VerifierKey? Verifier { get; init; }

    /// <summary>The profile of a terminal with these.</summary>
    /// <param name="profile">Of the same terminal without.</param>
    internal TerminalProfile Complete(TerminalProfile profile)
    {
        if (Printer is not null)
            profile = profile with { Capabilities = profile.Capabilities | TerminalCapabilities.Printer };
        if (Finger is not null)
            profile = profile with { Capabilities = profile.Capabilities | TerminalCapabilities.Biometrics };
        if (Verifier is not null)
            profile = profile with { Capabilities = profile.Capabilities | TerminalCapabilities.Verifier };
        if (Module is not null) profile = profile.WithAdditionalReader();
        return Power.HasBattery ? profile.WithBattery() : profile;
    }
}
