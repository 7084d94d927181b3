using Tessera.Terminal.Scripts;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Verifiers;

namespace Tessera.Terminal.Ports;

/// <summary>Encrypts what a holder enters for the verifier of the terminal (docs/protocols/verifier.md §2).</summary>
internal sealed class SealedEntries(IHolderInterface holder, VerifierKey verifier) : IHolderInterface
{
    public async Task<StepOutcome> PerformAsync(Perform action, CancellationToken cancel)
    {
        var outcome = await holder.PerformAsync(action, cancel);
        return action.Prompt?.Statement is not null && outcome is HolderEntered entered
            ? entered.Seal(action, verifier)
            : outcome;
    }

    public Task<GeneralResult> PrintAsync(Printout content, CancellationToken cancel) =>
        holder.PrintAsync(content, cancel);
}
