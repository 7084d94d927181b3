using System.Security.Cryptography.X509Certificates;
using Tessera.Cards;
using Tessera.Cards.Identity;
using Tessera.Cards.Pins;
using Tessera.Cards.Piv;
using Tessera.Storage.Authorities;
using Tessera.Wire;

namespace Tessera.Server.Signing;

/// <summary>
/// The built-in authority in the data folder of this server, made with the lab or for the first card. It is held only
/// while it works, so that the tool has it in between.
/// </summary>
/// <param name="data">The data folder.</param>
public sealed class OwnAuthority(string data, TimeProvider time) : IDisposable
{
    private const string Name = "CN=Tessera Cards";
    private const string LabKey = "lab-authority.pem";
    private const int Days = 10 * 365;

    /// <summary>What a card gets keys for: documents, and to prove itself.</summary>
    private static readonly byte[] References = [PivKeyReference.Signature, PivKeyReference.CardAuthentication];

    private readonly SemaphoreSlim _one = new(1);

    /// <summary>Where it is, and what is to be believed.</summary>
    public string Folder { get; } = AuthorityFolder.In(data);

    /// <summary>Makes it, where it is not there.</summary>
    public async Task CreateAsync(CancellationToken cancel)
    {
        if (!Directory.Exists(Folder)) await AuthorityFolder.CreateAsync(Folder, Name, time, cancel);
    }

    /// <summary>
    /// Older servers kept a key of the lab that nothing sealed. It is gone for good: what it issued stays believed, by
    /// certificate and list in the folder of trust, and nothing more is issued by it.
    /// </summary>
    /// <returns>What to tell the operator; null where there was none.</returns>
    public string? RetireLabKey()
    {
        var path = Path.Combine(data, LabKey);
        if (!File.Exists(path)) return null;
        File.Delete(path);
        return $"The unsealed key {path} was deleted. Cards with its certificates stay trusted by lab-authority.crt and .crl "
            + $"in the folder of trust; remove those two to end that. New certificates are issued by {Folder}.";
    }

    /// <summary>Issues a revocation list in good time before the last one runs out.</summary>
    /// <returns>Whether there is a new one.</returns>
    /// <exception cref="IOException">Another program is at work there.</exception>
    public async Task<bool> RenewListAsync(CancellationToken cancel)
    {
        if (!Directory.Exists(Folder)) return false;
        await _one.WaitAsync(cancel);
        try
        {
            using var authority = await AuthorityFolder.OpenAsync(Folder, time, cancel);
            return await authority.RenewListAsync(cancel);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>A card makes keys 9C and 9E, which ask for their certificates themselves.</summary>
    /// <param name="manager">The card management key; stays the caller's, as the PIN does.</param>
    public async Task EnrolAsync(
        ICardChannel card, CardId id, SecretKey manager, PinBlock pin, CancellationToken cancel)
    {
        var piv = await PivClient.SelectAsync(card, cancel)
            ?? throw new InvalidOperationException("The card has no PIV application.");
        await piv.AuthenticateAsync(PivAlgorithm.Aes128, manager, cancel);
        var enrolment = new Enrolment(piv, card);
        foreach (var reference in References)
        {
            var needed = PivKeyReference.IsFree(reference) ? null : pin;
            var request = await enrolment.RequestAsync(
                reference, PivAlgorithm.P256, $"CN=Tessera card {id}", needed, cancel);
            using var certificate = await IssueAsync(request, reference, cancel);
            await enrolment.ImportAsync(reference, certificate, needed, cancel);
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<X509Certificate2> IssueAsync(Bytes request, byte reference, CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            await CreateAsync(cancel);
            using var authority = await AuthorityFolder.OpenAsync(Folder, time, cancel);
            return await authority.IssueAsync(request, reference, TimeSpan.FromDays(Days), subject: null, cancel);
        }
        finally
        {
            _one.Release();
        }
    }
}
