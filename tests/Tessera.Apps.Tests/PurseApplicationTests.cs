using Tessera.Platform.Applications;
using Tessera.Platform.Money;
using Tessera.Platform.Views;
using Tessera.Toolkit;
using Xunit;

namespace Tessera.Apps.Tests;

public class PurseApplicationTests
{
    public static TheoryData<TerminalProfile> Profiles =>
        [TerminalProfile.Rich, TerminalProfile.Phone, TerminalProfile.TextOnly];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task Lunch_is_chosen_paid_and_enjoyed(TerminalProfile profile)
    {
        var test = new TestSession(profile, Amount.Of(20))
            .Chooses("Pay").Chooses("Lunch 12.50").EntersPin().Chooses("Leave");

        await test.RunAsync(new PurseApplication(), Cancel);

        Assert.Equal(Amount.Of(7.50m), test.Account);
        Assert.Contains("Paid. Enjoy it!", Told(test), StringComparison.Ordinal);
        Assert.Contains("You have 7.50.", Told(test), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task A_card_without_a_purse_is_told_so_and_hears_of_no_money(TerminalProfile profile)
    {
        var test = new TestSession(profile, Amount.Of(20)) { HasPurse = false };

        await test.RunAsync(new PurseApplication(), Cancel);

        Assert.Contains("This card carries no purse.", Told(test), StringComparison.Ordinal);
        Assert.DoesNotContain("20.00", Told(test), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task The_price_at_the_stall_is_typed(TerminalProfile profile)
    {
        var test = new TestSession(profile, Amount.Of(60))
            .Chooses("Market stall").Types("7.35").EntersPin().Chooses("Leave");

        await test.RunAsync(new PurseApplication(), Cancel);

        Assert.Equal(Amount.Of(52.65m), test.Account);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task Money_is_loaded_by_the_note_or_by_any_amount(TerminalProfile profile)
    {
        var test = new TestSession(profile, Amount.Of(1))
            .Chooses("Load money").Chooses("50.00")
            .Chooses("Load money").Chooses("Another amount").Types("0.10").Types("500.01").Types("33.30")
            .Chooses("Leave");

        await test.RunAsync(new PurseApplication(), Cancel);

        Assert.Equal(Amount.Of(84.30m), test.Account);
        Assert.Equal(3, Told(test).Split("from 1.00 to 500.00").Length);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task Without_enough_money_nothing_is_taken_and_the_list_comes_back(TerminalProfile profile)
    {
        var test = new TestSession(profile, Amount.Of(3))
            .Chooses("Pay").Chooses("Lunch 12.50")
            .Chooses("Pay").Chooses("Tea 2.20").EntersPin().Chooses("Leave");

        await test.RunAsync(new PurseApplication(), Cancel);

        Assert.Equal(Amount.Of(0.80m), test.Account);
        Assert.Contains("you can spend 3.00", Told(test), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task A_cancelled_payment_comes_back_to_the_list(TerminalProfile profile)
    {
        var test = new TestSession(profile, Amount.Of(20))
            .Chooses("Pay").Cancels()
            .Chooses("Pay").Chooses("Soup 4.20").Cancels().Chooses("Leave");

        await test.RunAsync(new PurseApplication(), Cancel);

        Assert.Equal(Amount.Of(20), test.Account);
        Assert.Empty(test.History);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task A_blocked_pin_is_unblocked_and_changed(TerminalProfile profile)
    {
        var test = new TestSession(profile, Amount.Of(20))
            .Chooses("Pay").Chooses("Coffee 2.80").MistypesPin().MistypesPin().MistypesPin()
            .Chooses("Unblock it with the PUK").MistypesPin().EntersPin().EntersPin()
            .Chooses("Change PIN").EntersPin()
            .Chooses("Unblock PIN").EntersPin().Chooses("Leave");

        await test.RunAsync(new PurseApplication(), Cancel);

        Assert.Equal(Amount.Of(17.20m), test.Account);
        Assert.Contains("Wrong PUK. 9 tries left.", Told(test), StringComparison.Ordinal);
        Assert.Contains("Your PIN is changed.", Told(test), StringComparison.Ordinal);
        Assert.Contains("Your new PIN is set.", Told(test), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task What_happened_can_be_read(TerminalProfile profile)
    {
        var test = new TestSession(profile, Amount.Of(20))
            .Chooses("What happened")
            .Chooses("Pay").Chooses("Coffee 2.80").EntersPin()
            .Chooses("What happened").Chooses("Leave");

        await test.RunAsync(new PurseApplication(), Cancel);

        Assert.Contains("Nothing yet.", Told(test), StringComparison.Ordinal);
        Assert.Contains("-2.80", Told(test), StringComparison.Ordinal);
        Assert.Equal(EntryKind.Debit, Assert.Single(test.History).Kind);
    }

    [Fact]
    public async Task On_a_telephone_list_pin_and_payment_are_one_script()
    {
        var test = new TestSession(TerminalProfile.Phone, Amount.Of(20))
            .Chooses("Pay").Chooses("Lunch 12.50").EntersPin().Chooses("Leave");

        await test.RunAsync(new PurseApplication(), Cancel);

        Assert.Equal(3, test.Scripts.Count); // the services, the canteen, the services again
    }

    [Fact]
    public async Task Even_short_messages_carry_every_step()
    {
        var test = new TestSession(TerminalProfile.Phone, Amount.Of(20), maxScript: 242)
            .Chooses("Pay").Chooses("Lunch 12.50").EntersPin().Chooses("Leave");

        await test.RunAsync(new PurseApplication(), Cancel);

        Assert.All(test.Scripts, octets => Assert.InRange(octets, 1, 242));
    }

    [Fact]
    public async Task A_test_that_says_something_else_fails()
    {
        var test = new TestSession(TerminalProfile.Phone, Amount.Of(20)).Chooses("Dance");

        await Assert.ThrowsAsync<InvalidOperationException>(() => test.RunAsync(new PurseApplication(), Cancel));
    }

    /// <summary>All that was shown, whatever screens it was cut into.</summary>
    private static string Told(TestSession test) => string.Join(' ', test.Shown).Replace('\n', ' ');
}
