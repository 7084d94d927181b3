using Tessera.Platform.Applications;
using Tessera.Platform.Views;
using Tessera.Toolkit;
using Xunit;

namespace Tessera.Apps.Tests;

public class PreferencesApplicationTests
{
    public static TheoryData<TerminalProfile> Profiles =>
        [TerminalProfile.Rich, TerminalProfile.Phone, TerminalProfile.TextOnly];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task Language_and_contact_are_kept_on_the_card(TerminalProfile profile)
    {
        var test = new TestSession(profile, Amount.Zero)
            .Chooses("Language").Chooses("Deutsch").Chooses("Emergency contact").Types("Bob 0171 2345678").Chooses("Leave");

        await test.RunAsync(new PreferencesApplication(), Cancel);

        Assert.Equal("Deutsch", test.Field(PreferencesApplication.Language));
        Assert.Equal("Bob 0171 2345678", test.Field(PreferencesApplication.Contact));
        Assert.Equal(2, test.Shown.Count(text => text is "Saved."));
    }

    [Fact]
    public async Task By_short_messages_a_setting_is_a_session()
    {
        var test = new TestSession(TerminalProfile.Phone, Amount.Zero, maxScript: 242, isCostly: true)
            .Chooses("Language").Chooses("Francais");

        await test.RunAsync(new PreferencesApplication(), Cancel);

        Assert.Equal("Francais", test.Field(PreferencesApplication.Language));
        Assert.All(test.Scripts, octets => Assert.InRange(octets, 1, 242));
    }
}
