using Tessera.Cards;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Holders;
using Tessera.Platform.Signing;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Platform.Sessions.Signatures;

/// <summary>Signatures in a session: which certificates are known, what a signature is worth, what is tried again.</summary>
/// <param name="notary">Null on a server that files nothing.</param>
internal sealed class SigningSide(Journal journal, CardSide card, Notary? notary, SessionFacts facts)
{
    private bool _isKnown;
    private bool _isAskedAgain;
    private CardSigner? _signer;
    private SignatureRefusal? _refusal;

    /// <summary>There is something to sign with, as far as that can be said.</summary>
    public bool IsThere => notary is not null && card.Registration.Kind != CardKind.Sim;

    /// <summary>What a script for a signature is made for; null where there is none to make.</summary>
    public SigningTerms? Terms => IsThere && _isKnown ? new SigningTerms(_signer, facts.Display) : null;

    /// <summary>For a card of which nothing is known yet; null where nothing is filed.</summary>
    public SigningTerms? TermsFor(bool isProven) =>
        notary is null ? null : new SigningTerms(null, facts.Display, isProven);

    /// <summary>Finds out what is known of the card, where the dialogue has something to sign.</summary>
    public async Task PrepareAsync(Node dialogue, CancellationToken cancel)
    {
        if (_isKnown || !IsThere || !Signs(dialogue)) return;
        _signer = await journal.EffectAsync("signer", (_, token) => notary!.SignerAsync(card.Card, token), cancel);
        _isKnown = true;
    }

    /// <summary>Why nothing is signed now, so that nobody is asked for a PIN; null where it is tried.</summary>
    public async Task<string?> AgainstAsync(CancellationToken cancel)
    {
        if (!IsThere) return Wording.NoSignature;
        if (!_isKnown)
        {
            _signer = await journal.EffectAsync("signer", (_, token) => notary!.SignerAsync(card.Card, token), cancel);
            _isKnown = true;
        }

        var against = _signer is { } signer
            ? await journal.EffectAsync("trust", (_, token) => notary!.AgainstAsync(signer, token), cancel)
            : null;
        return against is null ? null : Wording.NotTrusted;
    }

    /// <summary>Has the notary look at what the card signed; null where it is no evidence.</summary>
    public async Task<SignedTransaction?> TakeAsync(SignLeaf sign, Pass pass, byte ordinal, CancellationToken cancel)
    {
        var (exchange, profile) = (pass.Reading!.Exchange, card.Seat.Link.Profile);
        var place = new SigningPlace(
            card.Seat.At.Terminal, profile.Octets, (byte)profile.Capabilities, facts.Display.Columns, facts.Display.Rows,
            pass.Reading.Before.InitializeInForce, card.Card);
        var notarised = await journal.EffectAsync("evidence", (key, token) => notary!.FileAsync(
            new SignedScript(
                facts.Merchant, new Bytes(facts.Session.Value.ToByteArray(bigEndian: true)), place, exchange.Sent,
                exchange.Answer, ordinal, sign.Document.Title, _signer),
            key, token), cancel);
        _refusal = notarised.Refusal;
        return notarised.Transaction;
    }

    /// <summary>What follows a signature that is no evidence: a card that has other keys by now shows its certificates.</summary>
    public Node Refused(Remarks remarks, Node node) => _refusal switch
    {
        SignatureRefusal.OtherKey when AsksAgain() => node,
        SignatureRefusal.NotTrusted => remarks.Ending(Wording.NotTrusted, DialogueEnd.CardRefused, node),
        _ => remarks.Ending(Wording.OtherKey, DialogueEnd.CardRefused, node),
    };

    /// <summary>What follows a script that stopped where the card was to sign; null where it ends as any other.</summary>
    public Node? Failed(Remarks remarks, Node node, StopReason why, StatusWord status) => (why, status) switch
    {
        (StopReason.NotCapable, _) => remarks.Ending(Wording.NoSignature, DialogueEnd.CardRefused, node),
        (StopReason.UnexpectedStatus, { TriesLeft: not null } or { Value: 0x6983 }) => null,
        (StopReason.UnexpectedStatus, _) when AsksAgain() => node,
        (StopReason.UnexpectedStatus, _) => remarks.Ending(Wording.NoSignature, DialogueEnd.CardRefused, node),
        _ => null,
    };

    /// <summary>Once, and only where what was known may be old.</summary>
    private bool AsksAgain()
    {
        if (_signer is null || _isAskedAgain) return false;
        (_signer, _isAskedAgain) = (null, true);
        return true;
    }

    private static bool Signs(Node node) => node switch
    {
        Map map => Signs(map.Inner),
        Both both => Signs(both.First) || Signs(both.Second),
        Choice choice => choice.Options.Any(option => Signs(option.Then)),
        _ => node is SignLeaf,
    };
}
