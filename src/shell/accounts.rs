//! Users and groups, as `/etc/passwd` and `/etc/group` of the filesystem have them: names to numbers and back, and the
//! groups of a user. USER, `--chown`, `ls -l`, `chown` and `id` ask here.
//!
//! There is no name service: what is not in the two files has no name. Lines that are no entry are passed over, as libc does.

use crate::vfs::{Cred, Node, Overlay, Snapshot};

/// A line of `/etc/passwd` (passwd(5)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The login name.
    pub name: String,
    /// The password field: `x` where the password is in `/etc/shadow`.
    pub password: String,
    /// The number.
    pub uid: u32,
    /// The primary group.
    pub gid: u32,
    /// The comment ("GECOS").
    pub comment: String,
    /// The home directory.
    pub home: String,
    /// The login shell; empty means `/bin/sh`.
    pub shell: String,
}

/// A line of `/etc/group` (group(5)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The name.
    pub name: String,
    /// The password field.
    pub password: String,
    /// The number.
    pub gid: u32,
    /// The login names of those who have it as a supplementary group.
    pub members: Vec<String>,
}

/// All users and groups, in the order of the files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Accounts {
    /// The users.
    pub users: Vec<User>,
    /// The groups.
    pub groups: Vec<Group>,
}

impl From<&Overlay> for Accounts {
    fn from(fs: &Overlay) -> Self {
        Self::load(fs.merged())
    }
}

impl Accounts {
    /// Those of a filesystem (for an [`Overlay`], of its merged view); none without the files.
    pub fn load(fs: &Snapshot) -> Self {
        let users = lines(fs, "/etc/passwd").iter().filter_map(|line| User::parse(line)).collect();
        let groups = lines(fs, "/etc/group").iter().filter_map(|line| Group::parse(line)).collect();
        Self { users, groups }
    }

    /// The user of this name.
    pub fn user(&self, name: &str) -> Option<&User> {
        self.users.iter().find(|user| user.name == name)
    }

    /// The first user with this number.
    pub fn user_of(&self, uid: u32) -> Option<&User> {
        self.users.iter().find(|user| user.uid == uid)
    }

    /// The group of this name.
    pub fn group(&self, name: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.name == name)
    }

    /// The first group with this number.
    pub fn group_of(&self, gid: u32) -> Option<&Group> {
        self.groups.iter().find(|group| group.gid == gid)
    }

    /// The name of a user number, else the number itself: what `ls -l` shows.
    pub fn user_name(&self, uid: u32) -> String {
        self.user_of(uid).map_or_else(|| uid.to_string(), |user| user.name.clone())
    }

    /// The name of a group number, else the number itself.
    pub fn group_name(&self, gid: u32) -> String {
        self.group_of(gid).map_or_else(|| gid.to_string(), |group| group.name.clone())
    }

    /// The number of a user given by name, or else as a decimal number: how `chown` reads its argument.
    pub fn uid(&self, text: &str) -> Option<u32> {
        self.user(text).map(|user| user.uid).or_else(|| number(text))
    }

    /// The number of a group given by name, or else as a decimal number.
    pub fn gid(&self, text: &str) -> Option<u32> {
        self.group(text).map(|group| group.gid).or_else(|| number(text))
    }

    /// The groups that name this user as a member, in the order of the file.
    pub fn groups_of(&self, name: &str) -> Vec<u32> {
        let named = |group: &&Group| group.members.iter().any(|member| member == name);
        self.groups.iter().filter(named).map(|group| group.gid).collect()
    }

    /// What initgroups(3) makes of a user: the primary group first, then those that name the user.
    pub fn group_list(&self, user: &User) -> Vec<u32> {
        let mut list = vec![user.gid];
        for gid in self.groups_of(&user.name) {
            if !list.contains(&gid) {
                list.push(gid);
            }
        }
        list
    }

    /// Who a process is that runs as this user after a login (`su`).
    pub fn cred(&self, user: &User) -> Cred {
        Cred { uid: user.uid, gid: user.gid, groups: self.group_list(user) }
    }

    /// Who a process of a container is for `USER user[:group]` (runc's `GetExecUser`): an unknown number is taken as it
    /// is, with group 0; a given group takes the place of all others. The user's line, if there is one, has HOME.
    ///
    /// # Errors
    /// What was not found, as the container runtime words it: `unable to find user x: no matching entries in passwd file`.
    pub fn exec_user(&self, spec: &str) -> Result<(Cred, Option<&User>), String> {
        let (user_part, group_part) = spec.split_once(':').unwrap_or((spec, ""));
        let user = match user_part {
            "" => self.user_of(0),
            text => match number(text) {
                Some(uid) => self.user_of(uid),
                None => self.user(text),
            },
        };
        let mut cred = match (user, number(user_part)) {
            (Some(user), _) => Cred { uid: user.uid, gid: user.gid, groups: self.groups_of(&user.name) },
            (None, Some(uid)) => Cred { uid, gid: 0, groups: Vec::new() },
            (None, None) if user_part.is_empty() => Cred::root(),
            (None, None) => return Err(format!("unable to find user {user_part}: no matching entries in passwd file")),
        };
        if !group_part.is_empty() {
            let group = match number(group_part) {
                Some(gid) => Some(gid),
                None => self.group(group_part).map(|group| group.gid),
            };
            cred.gid =
                group.ok_or_else(|| format!("unable to find group {group_part}: no matching entries in group file"))?;
            cred.groups.clear();
        }
        // containerd puts the primary group among the others, and the kernel sorts them.
        cred.groups.push(cred.gid);
        cred.groups.sort_unstable();
        cred.groups.dedup();
        Ok((cred, user))
    }
}

impl User {
    /// Reads a line; none if it is not an entry.
    pub fn parse(line: &str) -> Option<Self> {
        let fields: Vec<&str> = line.split(':').collect();
        let [name, password, uid, gid, comment, home, shell] = fields.as_slice() else { return None };
        let [name, password, comment, home, shell] = [name, password, comment, home, shell].map(|s| (*s).to_owned());
        if name.is_empty() {
            return None;
        }
        Some(Self { name, password, uid: number(uid)?, gid: number(gid)?, comment, home, shell })
    }

    /// The line, without a line feed.
    pub fn line(&self) -> String {
        let Self { name, password, uid, gid, comment, home, shell } = self;
        format!("{name}:{password}:{uid}:{gid}:{comment}:{home}:{shell}")
    }
}

impl Group {
    /// Reads a line; none if it is not an entry.
    pub fn parse(line: &str) -> Option<Self> {
        let fields: Vec<&str> = line.split(':').collect();
        let [name, password, gid, members] = fields.as_slice() else { return None };
        if name.is_empty() {
            return None;
        }
        let members = members.split(',').filter(|member| !member.is_empty()).map(str::to_owned).collect();
        Some(Self { name: (*name).to_owned(), password: (*password).to_owned(), gid: number(gid)?, members })
    }

    /// The line, without a line feed.
    pub fn line(&self) -> String {
        format!("{}:{}:{}:{}", self.name, self.password, self.gid, self.members.join(","))
    }
}

/// A decimal number of a user or group; 4294967295 is none (it means "leave it" to the kernel).
pub(crate) fn number(text: &str) -> Option<u32> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok().filter(|id| *id != u32::MAX)
}

fn lines(fs: &Snapshot, path: &str) -> Vec<String> {
    let ino = fs.resolve(&Cred::root(), path, true).ok().and_then(|at| at.ino());
    let text = match ino.and_then(|ino| fs.inode(ino)).map(|inode| &inode.node) {
        Some(Node::File(content)) => content.to_text().unwrap_or_default(),
        _ => String::new(),
    };
    text.lines().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vfs::Content;

    fn accounts() -> Accounts {
        let mut fs = Overlay::new(Snapshot::empty());
        let root = Cred::root();
        fs.mkdir(&root, "/etc", 0o755).unwrap();
        let passwd = "root:x:0:0:root:/root:/bin/sh\nnot a line\napp:x:1000:1000:Linux User,,,:/home/app:/bin/sh\n";
        let group = "root:x:0:\nteam:x:1500:app,svc\napp:x:1000:\nwheel:x:10:root,app\n";
        fs.write(&root, "/etc/passwd", &Content::from(passwd), 0o644).unwrap();
        fs.write(&root, "/etc/group", &Content::from(group), 0o644).unwrap();
        Accounts::from(&fs)
    }

    #[test]
    fn names_and_numbers() {
        let accounts = accounts();
        assert_eq!(accounts.users.len(), 2);
        assert_eq!((accounts.uid("app"), accounts.uid("77"), accounts.uid("ghost")), (Some(1000), Some(77), None));
        assert_eq!((accounts.user_name(1000).as_str(), accounts.group_name(9).as_str()), ("app", "9"));
        let app = accounts.user("app").unwrap();
        assert_eq!(accounts.group_list(app), [1000, 1500, 10]);
        assert_eq!(app.line(), "app:x:1000:1000:Linux User,,,:/home/app:/bin/sh");
        assert_eq!(accounts.group("team").unwrap().line(), "team:x:1500:app,svc");
    }

    #[test]
    fn user_instruction() {
        let accounts = accounts();
        let who = |spec| accounts.exec_user(spec).map(|(cred, _)| cred);
        assert_eq!(who("app"), Ok(Cred { uid: 1000, gid: 1000, groups: vec![10, 1000, 1500] }));
        assert_eq!(who("1000:wheel"), Ok(Cred { uid: 1000, gid: 10, groups: vec![10] }));
        assert_eq!(who("4242"), Ok(Cred { uid: 4242, gid: 0, groups: vec![0] }));
        assert_eq!(who("ghost"), Err("unable to find user ghost: no matching entries in passwd file".to_owned()));
        assert!(who("app:ghosts").is_err());
    }
}
