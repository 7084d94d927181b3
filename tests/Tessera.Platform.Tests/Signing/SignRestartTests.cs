using Tessera.Platform.Dialogues;
using Tessera.Platform.Signing;
using Tessera.Platform.Tests.Sessions.Model;
using Xunit;

namespace Tessera.Platform.Tests.Signing;

/// <summary>A signature is on record: after a restart a session has the same evidence, and files it once.</summary>
public class SignRestartTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Wherever_the_server_dies_the_document_is_signed_once_and_filed_once()
    {
        var writes = 0;
        for (var point = 0; point <= 2 * writes; point++)
        {
            using var world = await SigningWorld.WithAsync();
            using var till = world.Insert();
            world.Person.Does("123456");
            SignedTransaction? signed = null;
            var script = new World.Script(async (session, cancel) =>
                signed = await session.RunAsync(Dialogue.Sign(SigningWorld.Contract), cancel));
            var before = world.Power.Writes;
            world.Power.FailAt(point);

            if (!await LivesAsync(world, till, script))
            {
                world.Restart();
                if (await world.Host.ResumeAsync(till, null, _ => script, Cancel) is null && signed is null)
                    await world.Host.RunAsync(till, null, script, Cancel);
            }

            if (point == 0) writes = world.Power.Writes - before;
            Assert.Single(till.Ran, SignTests.Signs);
            Assert.Equal(signed!.Evidence, SignTests.Only(world).Id.ToString());
        }

        Assert.InRange(writes, 8, 40);
    }

    private static async Task<bool> LivesAsync(SigningWorld world, SigningLink till, World.Script script)
    {
        try
        {
            await world.Host.RunAsync(till, null, script, Cancel);
            return !world.Power.HasFailed;
        }
        catch (CrashException)
        {
            return false;
        }
    }
}
