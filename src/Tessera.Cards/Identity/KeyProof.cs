namespace Tessera.Cards.Identity;

/// <summary>Whether a card showed that it has the key of a certificate.</summary>
public enum ProofState
{
    Proven,

    /// <summary>It answered with what only another key, or none, can have made.</summary>
    OtherKey,

    /// <summary>It answered with a status other than 9000: for most keys the PIN is to be verified first.</summary>
    Refused,

    /// <summary>The certificate has a key that nobody here can ask about.</summary>
    UnknownKind,
}

/// <summary>What came of a challenge.</summary>
/// <param name="Status">What the card answered; null where there was nothing to ask.</param>
public sealed record KeyProof(ProofState State, StatusWord? Status = null)
{
    /// <summary>For people.</summary>
    public string Words => State switch
    {
        ProofState.Proven => "has the key",
        ProofState.OtherKey => "does not have the key of its certificate",
        ProofState.Refused when Status == StatusWord.SecurityStatusNotSatisfied => "wants the PIN first",
        ProofState.Refused => $"refused with {Status}",
        _ => "has a key of a kind that is not known here",
    };
}
