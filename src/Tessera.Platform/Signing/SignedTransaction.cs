using Tessera.Cards;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Platform.Signing;

/// <summary>A document that a card signed over what its holder saw, verified and filed as evidence.</summary>
/// <param name="Evidence">Names the file: 16 hexadecimal digits.</param>
/// <param name="Card">Null where the card has told no id.</param>
/// <param name="Signer">Subject of the certificate.</param>
/// <param name="Method">By what the holder agreed.</param>
public sealed record SignedTransaction(string Evidence, CardId? Card, string Signer, PaymentMethod Method, DateTimeOffset Time);

/// <summary>What became of a signature at the server.</summary>
/// <param name="Transaction">Null where nothing was filed.</param>
/// <param name="Refusal">Why not; null where it was.</param>
/// <param name="Words">The same for operators.</param>
public sealed record Notarised(SignedTransaction? Transaction, SignatureRefusal? Refusal = null, string Words = "");

/// <summary>Why a signature is no evidence.</summary>
public enum SignatureRefusal
{
    /// <summary>It is not by the key of the certificate that the server knows, or the card did not prove itself.</summary>
    OtherKey,

    /// <summary>The certificate is not trusted now: unknown root, expired, revoked.</summary>
    NotTrusted,
}

/// <summary>A script that had a card sign, before anybody has looked at the signature.</summary>
/// <param name="Step">Of the script: the signature.</param>
/// <param name="Title">Of the document.</param>
/// <param name="Known">The certificates that the script was made for; null where it read them.</param>
public sealed record SignedScript(
    string Application, Bytes Session, SigningPlace Place, Bytes Script, Bytes Answer, byte Step, string Title,
    CardSigner? Known);

/// <summary>Where a script ran.</summary>
/// <param name="Terminal">The first 8 octets of SHA-256 of its public key.</param>
/// <param name="Profile">TERMINAL PROFILE.</param>
/// <param name="Capabilities">What the profile has no bit for.</param>
/// <param name="Initialized">An INITIALIZE was in force before.</param>
/// <param name="Card">As the session knows it; null where it does not.</param>
public sealed record SigningPlace(
    Bytes Terminal, Bytes Profile, byte Capabilities, int Columns, int Rows, bool Initialized, CardId? Card);
