using Tessera.Toolkit.Verifiers;
using Tessera.Wire;

namespace Tessera.Platform.Sessions.Verifying;

/// <summary>The verifier that says of holders whether it is they who are there (docs/protocols/verifier.md).</summary>
/// <param name="Key">Whose verdicts are believed.</param>
/// <param name="AskAsync">Asks it; fails with <see cref="IOException"/> where it does not answer.</param>
public sealed record SessionVerifier(VerifierKey Key, Func<VerifierRequest, CancellationToken, Task<Bytes>> AskAsync);
