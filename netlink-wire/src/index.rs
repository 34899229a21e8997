use core::fmt;

use crate::{
    attrs::{Attribute, Attrs, read},
    error::{Error, Result},
    nla::Nla,
    value::Value,
};

/// Attributes of higher numbers are looked for one by one. No set of the
/// kernel's has so many.
const LEN: usize = 96;

/// Where each attribute of a list lies, so that reading many of them costs one
/// walk and not one each; made by [`Attrs::index`].
#[derive(Clone)]
pub struct Index<'a, A> {
    attrs: Attrs<'a, A>,
    /// Where in the list the last attribute of each number starts, plus 1; 0 is nowhere.
    starts: [u32; LEN],
    /// What is wrong with the framing of the list, if anything.
    broken: Option<Error>,
}

impl<'a, A: Attribute<'a>> Attrs<'a, A> {
    /// Walks the list once, so that [`Index::get`] need not.
    ///
    /// ```
    /// # use netlink_wire::{Result, link::{Link, LinkAttr}};
    /// # fn f(link: Link<'_>) -> Result<()> {
    /// let attrs = link.attrs.index();
    /// let (mtu, name) = (attrs.get(LinkAttr::Mtu)?, attrs.get(LinkAttr::IfName)?);
    /// # Ok(()) }
    /// ```
    pub fn index(&self) -> Index<'a, A> {
        let mut index = Index { attrs: *self, starts: [0; LEN], broken: None };
        for nla in self.raw() {
            match nla {
                Ok(nla) => {
                    if let Some(start) = index.starts.get_mut(usize::from(nla.code())) {
                        *start = nla.offset() - self.offset() + 1;
                    }
                }
                Err(error) => index.broken = Some(error),
            }
        }
        index
    }
}

impl<'a, A: Attribute<'a>> Index<'a, A> {
    /// The same as [`Attrs::get`].
    ///
    /// # Errors
    ///
    /// Those of [`Attrs::get`].
    #[inline]
    pub fn get<T: Value<'a>>(&self, variant: impl FnOnce(T) -> A) -> Result<Option<T>> {
        let code = variant(T::PROBE).code();
        let found = match self.starts.get(usize::from(code)) {
            None => self.attrs.last(code)?,
            Some(0) => match self.broken {
                None => None,
                Some(error) => return Err(error),
            },
            Some(start) => self.at(*start as usize - 1),
        };
        match found {
            Some(nla) => read::<A, T>(nla, code).map(Some),
            None => Ok(None),
        }
    }

    #[inline]
    fn at(&self, start: usize) -> Option<Nla<'a>> {
        self.attrs.skip(start).raw().next()?.ok()
    }
}

impl<'a, A: Attribute<'a>> fmt::Debug for Index<'a, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.attrs.fmt(f)
    }
}
