using Coffer.Cli.Files;
using Coffer.Cli.Invocation;

namespace Coffer.Cli.Tests.Files;

public class FileFaultTests
{
    private static readonly string Folder = Path.GetTempPath();

    public static TheoryData<Exception, string> Faults => new()
    {
        { new FileNotFoundException("Could not find file '/a/b'.", "/a/b"), "there is no such file or folder" },
        { new DirectoryNotFoundException("Could not find a part of the path '/a/b'."), "there is no such file or folder" },
        { new UnauthorizedAccessException("Access to the path '/a/b' is denied."), "permission denied" },
        { new IOException("No space left on device : '/a/b'", 28), "the disk is full" },
        { new IOException("There is not enough space on the disk. : '/a/b'", unchecked((int)0x80070070)), "the disk is full" },
        { new IOException("Read-only file system : '/a/b'", 30), "the disk can only be read" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void An_error_of_a_file_is_told_in_plain_words(Exception error, string reason)
    {
        Assert.Equal(reason, FileFault.Reason(error, "/a/b"));
        Assert.Equal($"/a/b: {reason}.", ErrorText.Of(error));
    }

    [Fact]
    public void A_folder_in_the_way_is_not_called_a_lack_of_permission() =>
        Assert.Contains("folder", FileFault.Reason(new UnauthorizedAccessException($"Access to the path '{Folder}' is denied."), Folder));

    [Fact]
    public void A_file_in_the_place_of_a_folder_is_named()
    {
        var file = typeof(FileFault).Assembly.Location;
        var error = new IOException($"Not a directory : '{file}/b/c'", 20);
        Assert.Equal($"{file}/b/c: {file} is a file, and a folder is needed there.", ErrorText.Of(error));
    }

    [Fact]
    public void What_is_not_known_keeps_its_own_words() => Assert.Equal("Something else.", ErrorText.Of(new IOException("Something else.")));
}
